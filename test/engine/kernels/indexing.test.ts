import { checkKernel } from '../../support/check-kernel.ts';
import { indexingCases } from '../../support/kernel-cases/indexing.ts';

test.each(indexingCases.map((kernelCase, i) => [kernelCase.kernel, i] as const))(
  '%s, compiled, equals eager (case %d)',
  async (_, i) => {
    await checkKernel(indexingCases[i]!);
  },
);
