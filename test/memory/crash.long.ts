import { createMemoryProcesses, killWriters } from './kill.ts';

test('sixty writers killed at random moments lose nothing that was acknowledged', async () => {
  const processes = createMemoryProcesses();
  try {
    const acknowledged = await Promise.all([2, 3].map((seed) => killWriters(processes, 30, seed)));
    // Two of three are killed after they have acknowledged something.
    for (const count of acknowledged) expect(count).toBeGreaterThanOrEqual(20);
  } finally {
    processes.dispose();
  }
});
