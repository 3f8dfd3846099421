import fc from 'fast-check';
import sharp from 'sharp';
import { drawText, fitText, textWidth } from '../../../src/eval/replay/stroke-font.ts';

const printable = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i));

/** Rows and columns of the ink of a text drawn in black on white, 200 pixels square. */
async function inkOf(text: string, height = 70) {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="200"><rect width="400" height="200" fill="#fff"/>${drawText({ text, x: 100, y: 120, height, colour: '#000' })}</svg>`;
  const { data } = await sharp(Buffer.from(svg)).greyscale().raw().toBuffer({ resolveWithObject: true });
  let [left, right, top, bottom, ink] = [400, -1, 200, -1, 0];
  for (let y = 0; y < 200; y++) {
    for (let x = 0; x < 400; x++) {
      if (data[y * 400 + x]! > 128) continue;
      ink += 1;
      [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)];
    }
  }
  return { left, right, top, bottom, ink };
}

test('every printable character of ASCII has strokes of its own', async () => {
  const pictures = new Map<string, string>();
  for (const character of printable.slice(1)) {
    const svg = drawText({ text: character, x: 0, y: 7, height: 7, colour: '#000' });
    expect(svg).toContain('<path');
    expect(pictures.get(svg)).toBeUndefined();
    pictures.set(svg, character);
  }
  expect(drawText({ text: ' ', x: 0, y: 7, height: 7, colour: '#000' })).not.toContain('<path');
});

test('letters stand on the baseline, are as high as asked, and as wide as they say', async () => {
  for (const letter of ['H', 'E', 'Z', 'O', '8']) {
    const { left, right, top, bottom } = await inkOf(letter);
    // Half a stroke is drawn beyond the outline: 70 x 0.135 / 2 = 4.7 pixels.
    expect(Math.abs(bottom - 120)).toBeLessThanOrEqual(6);
    expect(Math.abs(top - 50)).toBeLessThanOrEqual(6);
    expect(Math.abs(left - 100)).toBeLessThanOrEqual(6);
    expect(Math.abs(right - 100 - textWidth(letter, 70))).toBeLessThanOrEqual(6);
  }
  expect((await inkOf('p')).bottom).toBeGreaterThan(130);
  expect((await inkOf('x')).top).toBeGreaterThan(60);
});

test('a character without strokes is drawn as an empty box', async () => {
  expect((await inkOf('漢')).ink).toBeGreaterThan(500);
  expect(textWidth('漢', 7)).toBe(textWidth('語', 7));
});

test('no font is asked for', () => {
  expect(drawText({ text: printable.join(''), x: 0, y: 0, height: 9, colour: '#000' })).not.toMatch(/<text|font/);
});

test('a text that is cut to fit fits, and one that fits is not cut', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 40 }), fc.double({ min: 30, max: 400, noNaN: true }), (text, width) => {
      const fitted = fitText(text, 10, width);
      expect(textWidth(fitted, 10)).toBeLessThanOrEqual(width);
      if (textWidth(text, 10) <= width) expect(fitted).toBe(text);
      else expect(fitted.endsWith('...')).toBe(true);
    }),
  );
});
