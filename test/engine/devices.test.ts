import { deviceNames, probeDevices, requireDevice } from '../../src/engine/index.ts';

test('every device is reported, with a reason and a fix where it is missing', async () => {
  const reports = await probeDevices();
  expect(reports.map(({ name }) => name)).toEqual(deviceNames);
  for (const { name, available, why, fix } of reports) {
    if (available) {
      expect([why, fix]).toEqual([null, null]);
      await requireDevice(name);
    } else {
      expect(why).toMatch(/\w{4}/);
      await expect(requireDevice(name)).rejects.toThrow(`device '${name}' is not available: ${why}. ${fix}`);
    }
  }
  const shipped = reports.filter(({ name }) => ['native', 'wasm', 'cpu'].includes(name));
  expect(shipped.map(({ available }) => available)).toEqual([true, true, true]);
});
