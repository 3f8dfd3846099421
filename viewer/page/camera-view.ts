import { type PageState, type Store, thoughtfulMoment } from './store.ts';
import { createChangeCheck } from './when-changed.ts';

/** What the agent sees, pixel by pixel, with marks where it perceives each thing. */
export function createCameraView(canvas: HTMLCanvasElement, store: Store): void {
  const context = canvas.getContext('2d')!;
  /** Screen pixels for one of the camera's, so that marks can be finer than its pixels. */
  const zoom = 4;
  const small = document.createElement('canvas');
  const smallContext = small.getContext('2d')!;
  const changed = createChangeCheck();

  store.subscribe((state: PageState) => {
    const moment = thoughtfulMoment(state);
    if (moment === undefined || state.episode === null) return;
    const { thought } = moment;
    if (!changed(moment.frame, thought)) return;
    const size = Math.sqrt(moment.frame.length / 3);
    const image = smallContext.createImageData(size, size);
    for (let i = 0, j = 0; i < moment.frame.length; i += 3, j += 4) {
      image.data.set(moment.frame.subarray(i, i + 3), j);
      image.data[j + 3] = 255;
    }
    [small.width, small.height] = [size, size];
    smallContext.putImageData(image, 0, 0);
    [canvas.width, canvas.height] = [size * zoom, size * zoom];
    context.imageSmoothingEnabled = false;
    context.drawImage(small, 0, 0, canvas.width, canvas.height);
    for (const [x, y] of thought?.seen ?? []) {
      context.beginPath();
      context.arc(x * canvas.width, y * canvas.height, 7, 0, 2 * Math.PI);
      context.lineWidth = 4.5;
      context.strokeStyle = 'rgb(255 255 255 / 85%)';
      context.stroke();
      context.lineWidth = 2;
      context.strokeStyle = '#5b2bd6';
      context.stroke();
    }
  });
}
