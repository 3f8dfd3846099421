/** Waits at least until messages have been heard. */
export function passTime(milliseconds: number): Promise<void> {
  if (milliseconds > 4) return new Promise((resolve) => setTimeout(resolve, milliseconds));
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(null);
  });
}
