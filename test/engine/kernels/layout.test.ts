import { checkKernel } from '../../support/check-kernel.ts';
import { layoutCases } from '../../support/kernel-cases/layout.ts';

test.each(layoutCases.map((kernelCase, i) => [kernelCase.kernel, i] as const))(
  '%s, compiled, equals eager (case %d)',
  async (_, i) => {
    await checkKernel(layoutCases[i]!);
  },
);
