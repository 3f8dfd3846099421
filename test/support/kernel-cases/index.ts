import { convolutionCases } from './convolution.ts';
import { elementwiseCases } from './elementwise.ts';
import { indexingCases } from './indexing.ts';
import type { KernelCase } from './kernel-case.ts';
import { layoutCases } from './layout.ts';
import { linearCases } from './linear.ts';
import { reductionCases } from './reduction.ts';

/** A case, or several, for each kernel that the tracing backend lowers. */
export const kernelCases: readonly KernelCase[] = [
  ...convolutionCases,
  ...elementwiseCases,
  ...indexingCases,
  ...layoutCases,
  ...linearCases,
  ...reductionCases,
];
