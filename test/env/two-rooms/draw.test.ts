import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { drawTwoRooms, twoRoomsFrameShape } from '../../../src/env/two-rooms/draw.ts';
import { dotStd } from '../../../src/env/two-rooms/field.ts';

const [height, width, channels] = twoRoomsFrameShape;
const bytes = height * width * channels;

function draw(x: number, y: number, wallX = 30, doorY = 20): Uint8Array {
  const frame = new Uint8Array(bytes).fill(77);
  drawTwoRooms([x, y], { wallX, doorY }, frame);
  return frame;
}

describe('a frame of Two-Rooms', () => {
  it('holds the dot as floor(255 exp(-d^2 / 2 / 1.3^2)) everywhere', () => {
    fc.assert(
      fc.property(fc.double({ min: 4, max: 60, noNaN: true }), fc.double({ min: 4, max: 60, noNaN: true }), (x, y) => {
        const frame = draw(x, y);
        let off = 0;
        let worst = 0;
        for (let p = 0; p < height * width; p++) {
          const squared = ((p % width) - x) ** 2 + (Math.floor(p / width) - y) ** 2;
          const difference = Math.abs(frame[2 * p]! - Math.floor(255 * Math.exp(-squared / 2 / dotStd ** 2)));
          if (difference > 0) off++;
          worst = Math.max(worst, difference);
        }
        // Another summation order may fall on the other side of a whole number, once in a while.
        expect(worst).toBeLessThanOrEqual(1);
        expect(off).toBeLessThanOrEqual(1);
      }),
    );
    expect(draw(12, 40)[2 * (40 * width + 12)]).toBe(255);
  });

  it('holds the outer walls as lines, and the wall with its door, three pixels wide', () => {
    const frame = draw(10, 10, 33, 50);
    const walls = Array.from({ length: height * width }, (_, p) => {
      const [x, y] = [p % width, Math.floor(p / width)];
      const outer = x === 4 || x === 60 || y === 4 || y === 60;
      const wall = Math.abs(x - 33) <= 1 && Math.abs(y - 50) > 4;
      return outer || wall ? 255 : 0;
    });
    expect(walls).toEqual(walls.map((_, p) => frame[2 * p + 1]));
  });

  it('is clipped at the edges of the picture', () => {
    const frame = draw(60.9, 63.7);
    const last = 2 * (64 * width + 64);
    expect(frame[last]).toBe(Math.floor(255 * Math.exp(-(3.1 ** 2 + 0.3 ** 2) / 2 / dotStd ** 2)));
    // Nothing wraps to the other side.
    const dotColumns = Array.from({ length: height * width }, (_, p) => p).filter((p) => frame[2 * p]! > 0);
    expect(Math.min(...dotColumns.map((p) => p % width))).toBe(57);
  });

  it('is written where it is asked for, and nowhere else', () => {
    const positions = [1, 2, 25.5, 17.25];
    const several = new Uint8Array(bytes + 20).fill(9);
    drawTwoRooms(positions, { wallX: 30, doorY: 20 }, several, 2, 10);
    expect(several.subarray(10, 10 + bytes)).toEqual(draw(25.5, 17.25));
    expect([...several.subarray(0, 10), ...several.subarray(10 + bytes)]).toEqual(Array(20).fill(9));
  });

  it('has the bytes it always had', () => {
    // sha256 of the frame; the two tests above say what it shows.
    expect(
      createHash('sha256')
        .update(draw(17.3, 44.9, 38, 27))
        .digest('hex'),
    ).toBe('e64506eb9452a5fefb2a5e645cfa722e45bc24688b59bcc05b2bb5f86b39282d');
  });
});
