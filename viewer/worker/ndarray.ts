import type { Data, NdArray } from 'ndarray';

/**
 * What stands for the package `ndarray` in the page (the build swaps it in): that one writes its classes as text and
 * evaluates them, which the page's content security policy forbids. Row-major arrays that are made and read whole,
 * as frames are; no views.
 */
export default function ndarray<T extends Data>(data: T, shape: readonly number[] = [data.length]): NdArray<T> {
  const stride = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, length) => product * length, 1));
  const index = (at: readonly number[]): number => at.reduce((sum, i, axis) => sum + i * stride[axis]!, 0);
  const array = {
    data,
    shape: [...shape],
    stride,
    offset: 0,
    size: shape.reduce((product, length) => product * length, 1),
    dimension: shape.length,
    index: (...at: number[]) => index(at),
    get: (...at: number[]) => (data as ArrayLike<unknown>)[index(at)],
  };
  return array as unknown as NdArray<T>;
}
