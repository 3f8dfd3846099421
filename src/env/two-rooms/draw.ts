import { doorHalfHeight, dotStd, fieldHigh, fieldLow, fieldSize, type TwoRoomsLayout, wallHalfWidth } from './field.ts';

/** [height, width, channels] of a frame: channel 0 is the dot, channel 1 the walls. */
export const twoRoomsFrameShape = [fieldSize, fieldSize, 2] as const;

const channels = 2;
const rowBytes = fieldSize * channels;
const outerWalls = drawOuterWalls();

/** Pixels from the dot's nearest pixel to where its bytes are 0: exp(-4.5^2 / 2 / 1.3^2) x 255 < 1. */
const reach = 5;

const decay = gaussianTable();
const weightsX = new Float64Array(2 * reach + 1);
const weightsY = new Float64Array(2 * reach + 1);

/**
 * Draws what the agent sees, about a microsecond a frame: bytes [65, 65, 2], row-major. Channel 0 holds the dot,
 * floor(255 exp(-d^2 / 2 / 1.3^2)) at distance d; channel 1 the walls, 255 or 0. Divided by 255 they are
 * eb_jepa's; the input of a model is then dot x 10 and (wall - 0.1) / 0.3.
 *
 * Uses + - * / and floor only, so the bytes are the same in every JavaScript engine.
 * @param position [x, y] at `positionOffset`, pixels.
 * @param into The frame is written from `intoOffset` on.
 */
export function drawTwoRooms(
  position: ArrayLike<number>,
  { wallX, doorY }: TwoRoomsLayout,
  into: Uint8Array,
  positionOffset = 0,
  intoOffset = 0,
): void {
  into.set(outerWalls, intoOffset);
  for (let x = wallX - wallHalfWidth; x <= wallX + wallHalfWidth; x++) {
    let p = intoOffset + x * channels + 1;
    for (let y = 0; y < fieldSize; y++, p += rowBytes) {
      if (y < doorY - doorHalfHeight || y > doorY + doorHalfHeight) into[p] = 255;
    }
  }

  const x = position[positionOffset]!;
  const y = position[positionOffset + 1]!;
  const column = Math.floor(x + 0.5);
  const row = Math.floor(y + 0.5);
  fillWeights(weightsX, x - column);
  fillWeights(weightsY, y - row);
  const firstColumn = Math.max(-reach, -column);
  const lastColumn = Math.min(reach, fieldSize - 1 - column);
  const firstRow = Math.max(-reach, -row);
  const lastRow = Math.min(reach, fieldSize - 1 - row);
  for (let j = firstRow; j <= lastRow; j++) {
    const rowWeight = 255 * weightsY[j + reach]!;
    let p = intoOffset + (row + j) * rowBytes + (column + firstColumn) * channels;
    for (let i = firstColumn; i <= lastColumn; i++, p += channels) {
      // Storing in a byte truncates.
      into[p] = rowWeight * weightsX[i + reach]!;
    }
  }
}

/** weights[k + reach] = exp(-(k - shift)^2 / 2 / std^2), factored so that each axis needs two exponentials. */
function fillWeights(weights: Float64Array, shift: number): void {
  const own = exponential((-shift * shift) / (2 * dotStd * dotStd));
  const ratio = exponential(shift / (dotStd * dotStd));
  let rising = own;
  let falling = own;
  for (let k = 0; k <= reach; k++) {
    weights[reach + k] = decay[k]! * rising;
    weights[reach - k] = decay[k]! * falling;
    rising *= ratio;
    falling /= ratio;
  }
}

/** e^x for |x| < 0.5 by its series, to the last bit or two: `Math.exp` may differ between engines. */
function exponential(x: number): number {
  let sum = 1;
  for (let n = 12; n > 0; n--) sum = 1 + (x / n) * sum;
  return sum;
}

/** exp(-k^2 / 2 / std^2) for k = 0 ... reach. */
function gaussianTable(): Float64Array {
  const base = exponential(-1 / (2 * dotStd * dotStd));
  const table = new Float64Array(reach + 1);
  let value = 1;
  let odd = base;
  for (let k = 0; k <= reach; k++) {
    table[k] = value;
    // (k + 1)^2 = k^2 + (2k + 1)
    value *= odd;
    odd *= base * base;
  }
  return table;
}

function drawOuterWalls(): Uint8Array {
  const frame = new Uint8Array(fieldSize * rowBytes);
  for (let i = 0; i < fieldSize; i++) {
    for (const wall of [fieldLow, fieldHigh]) {
      frame[wall * rowBytes + i * channels + 1] = 255;
      frame[i * rowBytes + wall * channels + 1] = 255;
    }
  }
  return frame;
}
