import { initialSettings } from './initial-settings.ts';
import { createAnnouncer } from './page/announce.ts';
import { createCameraView } from './page/camera-view.ts';
import { createCostChart, createHistoryChart } from './page/charts.ts';
import { createControls } from './page/controls.ts';
import { element } from './page/elements.ts';
import { createFiles } from './page/files.ts';
import { createHandles } from './page/handles.ts';
import { createReaching } from './page/reaching.ts';
import { createReadouts } from './page/readouts.ts';
import { createReceiver } from './page/receive.ts';
import { createStore } from './page/store.ts';
import { createTableCanvas } from './page/table-canvas.ts';
import { createTheme } from './page/theme.ts';
import { createTransport } from './page/transport.ts';
import { connect } from './page/worker-link.ts';
import { createZoneDrawing } from './page/zone-drawing.ts';
import type { OpenRequest, Report, Request } from './protocol.ts';

const firstTask = 'push-around';

const store = createStore({
  tasks: [],
  defaults: null,
  settings: initialSettings,
  episode: null,
  moments: [],
  lookedAt: null,
  activity: 'loading',
  rate: null,
  tool: 'move',
  failure: null,
});
const send = (request: Request): void => link.send(request);
/** What was opened last, to be opened again. */
let opened: OpenRequest = { type: 'open', task: { id: firstTask }, seed: 0 };
/** What was paused stays paused; after a replay, one plays. */
let playsWhenOpen = true;
const open = (request: OpenRequest): void => {
  opened = request;
  const { activity, episode } = store.state;
  playsWhenOpen = activity !== 'paused' || episode?.replay !== null;
  send(request);
};
const files = createFiles(store, send, open);
const receive = createReceiver(store, files.save);
const link = connect((report) => {
  receive(report);
  if (report.type === 'ready') begin(report);
  if (report.type !== 'opened') return;
  showTask(report.episode.task.id);
  if (report.episode.replay === null && playsWhenOpen) send({ type: 'play' });
});

const taskSelect = element<HTMLSelectElement>('task');
function begin({ tasks }: Extract<Report, { type: 'ready' }>): void {
  taskSelect.replaceChildren(...tasks.map(({ id }) => new Option(id, id)));
  for (const id of ['task', 'new-scene', 'open-file', 'save']) element<HTMLButtonElement>(id).disabled = false;
  const wanted = new URLSearchParams(location.search).get('task');
  open({ type: 'open', task: { id: tasks.find(({ id }) => id === wanted)?.id ?? firstTask }, seed: 0 });
}

/** Tasks from files join the list, for as long as they are played. */
function showTask(id: string): void {
  if (![...taskSelect.options].some(({ value }) => value === id)) taskSelect.add(new Option(`${id} (from a file)`, id));
  taskSelect.value = id;
}

taskSelect.addEventListener('change', () => open({ type: 'open', task: { id: taskSelect.value }, seed: 0 }));
element('new-scene').addEventListener('click', () => {
  const { episode } = store.state;
  if (opened.type === 'open') open({ ...opened, seed: (episode?.seed ?? 0) + 1 });
  else if (episode !== null) open({ type: 'open', task: { id: episode.task.id }, seed: episode.seed + 1 });
});

const table = createTableCanvas(element<HTMLCanvasElement>('canvas'), store);
createTheme(element<HTMLButtonElement>('theme'), table.recolour);
const announce = createAnnouncer(element('announcer'));
const stage = element('stage');
createHandles({ stage, container: element('handles'), store, table, send, announce });
createZoneDrawing({ stage, store, table, send });
createReaching({ stage, store, send });
createCameraView(element<HTMLCanvasElement>('sees'), store);
createCostChart(element('costs'), store);
createHistoryChart(element('history'), store);
createReadouts(store);
createControls(store, send);
createTransport(store, send, () => open(opened));
