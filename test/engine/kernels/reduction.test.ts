import { checkKernel } from '../../support/check-kernel.ts';
import { reductionCases } from '../../support/kernel-cases/reduction.ts';

test.each(reductionCases.map((kernelCase, i) => [kernelCase.kernel, i] as const))(
  '%s, compiled, equals eager (case %d)',
  async (_, i) => {
    await checkKernel(reductionCases[i]!);
  },
);
