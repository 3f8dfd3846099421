import { checkKernel } from '../../support/check-kernel.ts';
import { elementwiseCases } from '../../support/kernel-cases/elementwise.ts';

test.each(elementwiseCases.map((kernelCase, i) => [kernelCase.kernel, i] as const))(
  '%s, compiled, equals eager (case %d)',
  async (_, i) => {
    await checkKernel(elementwiseCases[i]!);
  },
);
