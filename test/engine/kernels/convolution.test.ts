import { checkKernel } from '../../support/check-kernel.ts';
import { convolutionCases } from '../../support/kernel-cases/convolution.ts';

test.each(convolutionCases.map((kernelCase, i) => [kernelCase.kernel, i] as const))(
  '%s, compiled, equals eager (case %d)',
  async (_, i) => {
    await checkKernel(convolutionCases[i]!);
  },
);
