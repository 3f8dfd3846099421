/** Sweeps after which an iteration that converges quadratically has long ended. */
const mostSweeps = 50;

/**
 * Eigenvalues of a symmetric matrix [D, D], row-major, largest first, by cyclic Jacobi rotations (Golub and Van Loan,
 * Matrix Computations, section 8.5) in double precision: for matrices of some hundred rows at most.
 */
export function symmetricEigenvalues(matrix: ArrayLike<number>, size: number): number[] {
  const a = Float64Array.from(matrix);
  const at = (i: number, j: number): number => a[i * size + j]!;
  const scale = a.reduce((sum, value) => sum + value * value, 0);
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let off = 0;
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) off += at(p, q) ** 2;
    if (off <= 1e-24 * scale) break;
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) {
        if (at(p, q) !== 0) rotate(a, size, p, q);
      }
    }
  }
  return Array.from({ length: size }, (_, i) => at(i, i)).sort((x, y) => y - x);
}

/** The rotation in the plane of axes p and q after which they no longer mix. */
function rotate(a: Float64Array, size: number, p: number, q: number): void {
  const half = (a[q * size + q]! - a[p * size + p]!) / (2 * a[p * size + q]!);
  const t = (half >= 0 ? 1 : -1) / (Math.abs(half) + Math.hypot(half, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  for (let i = 0; i < size; i++) {
    const [x, y] = [a[i * size + p]!, a[i * size + q]!];
    a[i * size + p] = c * x - s * y;
    a[i * size + q] = s * x + c * y;
  }
  for (let i = 0; i < size; i++) {
    const [x, y] = [a[p * size + i]!, a[q * size + i]!];
    a[p * size + i] = c * x - s * y;
    a[q * size + i] = s * x + c * y;
  }
}
