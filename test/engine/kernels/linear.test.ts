import { checkKernel } from '../../support/check-kernel.ts';
import { linearCases } from '../../support/kernel-cases/linear.ts';

test.each(linearCases.map((kernelCase, i) => [kernelCase.kernel, i] as const))(
  '%s, compiled, equals eager (case %d)',
  async (_, i) => {
    await checkKernel(linearCases[i]!);
  },
);
