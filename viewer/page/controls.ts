import type { PlannerName } from '../../src/planner/create-planner.ts';
import type { Request, Settings } from '../protocol.ts';
import { element, setText } from './elements.ts';
import type { PageState, Store, Tool } from './store.ts';
import { middleZone } from './zone-drawing.ts';

/** What a decision can be given, in plans tried: powers of two. */
const evaluationsOf = (power: string): number => 2 ** Number(power);

const hints: Readonly<Record<Tool, string>> = {
  move: 'Drag the goal, an object or a zone. With the keyboard: tab to it, then arrow keys.',
  poke: 'Click an object near its rim to shove it away. With the keyboard: tab to it, then an arrow key.',
  hand: 'Your hand follows the pointer: the agent keeps away from it, and is slow beside it. Or: tab to it, then arrow keys.',
  zone: 'Press on the table and draw outwards: nothing may enter there. With the keyboard: Add zone.',
};

/** Settings of the search and of the visitor's hand. */
export function createControls(store: Store, send: (request: Request) => void): void {
  const planner = element<HTMLSelectElement>('planner');
  const horizon = element<HTMLInputElement>('horizon');
  const evaluations = element<HTMLInputElement>('evaluations');
  const pace = element<HTMLSelectElement>('pace');
  const device = element<HTMLSelectElement>('device');
  const guardrails = element<HTMLInputElement>('guardrails');
  const openEnded = element<HTMLInputElement>('open-ended');
  const stage = element('stage');
  const tools = [...document.querySelectorAll<HTMLInputElement>('input[name="tool"]')];

  const change = (changes: Partial<Settings>): void => {
    const settings = { ...store.state.settings, ...changes };
    store.set({ settings });
    send({ type: 'settings', settings });
  };
  planner.addEventListener('change', () => {
    const own = planner.value === store.state.defaults?.planner;
    change({ planner: own ? null : (planner.value as PlannerName) });
  });
  horizon.addEventListener('change', () => change({ horizon: Number(horizon.value) }));
  evaluations.addEventListener('change', () => change({ evaluations: evaluationsOf(evaluations.value) }));
  for (const slider of [horizon, evaluations]) slider.addEventListener('input', () => showSliders());
  pace.addEventListener('change', () => change({ pace: pace.value === '' ? null : Number(pace.value) }));
  device.addEventListener('change', () => change({ device: device.value as Settings['device'] }));
  guardrails.addEventListener('change', () => change({ guardrails: guardrails.checked }));
  openEnded.addEventListener('change', () => change({ openEnded: openEnded.checked }));
  for (const tool of tools) {
    tool.addEventListener('change', () => {
      if (tool.checked) store.set({ tool: tool.value as Tool });
    });
  }
  element('add-zone').addEventListener('click', () => send({ type: 'add-zone', zone: middleZone }));
  element('clear-zones').addEventListener('click', () => {
    for (let zone = drawnZones(store.state) - 1; zone >= 0; zone--) send({ type: 'remove-zone', zone });
  });
  element('device-field').hidden = !('gpu' in navigator);

  const showSliders = (): void => {
    setText(document.querySelector<HTMLElement>('output[for="horizon"]')!, `${horizon.value} steps`);
    const own = store.state.settings.evaluations === null ? store.state.defaults?.evaluations : undefined;
    const plans =
      own !== undefined && Math.log2(own) === Number(evaluations.value) ? own : evaluationsOf(evaluations.value);
    setText(document.querySelector<HTMLElement>('output[for="evaluations"]')!, `${plans} plans`);
  };

  let filled = false;
  store.subscribe((state) => {
    const { defaults, settings, tool } = state;
    stage.dataset.tool = tool;
    setText(element('hint'), hints[tool]);
    element<HTMLButtonElement>('add-zone').disabled = state.episode === null;
    element('clear-zones').hidden = drawnZones(state) === 0;
    if (defaults !== null && !filled) {
      filled = true;
      planner.replaceChildren(
        ...defaults.planners.map(
          (name) => new Option(name === defaults.planner ? `${name} (the model's own)` : name, name),
        ),
      );
      planner.value = settings.planner ?? defaults.planner;
      horizon.value = String(settings.horizon ?? defaults.horizon);
      evaluations.value = String(Math.log2(settings.evaluations ?? defaults.evaluations));
      pace.value = settings.pace === null ? '' : String(settings.pace);
      guardrails.checked = settings.guardrails;
      openEnded.checked = settings.openEnded;
      showSliders();
    }
  });
}

function drawnZones({ moments }: PageState): number {
  return moments.at(-1)?.zones.filter(({ drawn }) => drawn).length ?? 0;
}
