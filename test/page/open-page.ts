import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { type PageServer, startPageServer } from '../../src/cli/serve/page-server.ts';
import { chromiumPath } from '../support/chromium.ts';
import { repositoryRoot } from '../support/source-imports.ts';

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Machines that build several things at once are slow. */
const patienceMilliseconds = 60_000;

/** The built page in a headless browser. */
export interface OpenPage {
  readonly page: Page;
  /** Errors and warnings of the console, uncaught ones, and requests to anywhere but the page's own folder. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

export async function openPage(): Promise<OpenPage> {
  const root = join(repositoryRoot, 'dist/page');
  if (!existsSync(join(root, 'index.html'))) throw new Error("the page is not built: run 'npm run build:page' first");
  const server: PageServer = await startPageServer({ root, port: 0 });
  const browser: Browser = await chromium.launch({ executablePath: chromiumPath!, args: flags });
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(patienceMilliseconds);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
  page.on('request', (request) => {
    if (!request.url().startsWith(server.url) && !request.url().startsWith('blob:')) complaints.push(request.url());
  });
  await page.goto(server.url);
  await waitUntilLoaded(page);
  return {
    page,
    complaints,
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

/** Until the model is there. */
export async function waitUntilLoaded(page: Page): Promise<void> {
  await page.waitForFunction(() => !document.querySelector<HTMLSelectElement>('#task')!.disabled);
}

/** A new episode of a task, under way; as fast as it can, or so many steps a second. */
export async function startTask(page: Page, task: string, pace = ''): Promise<void> {
  await page.locator('label:has(input[value="move"])').click();
  // What is clicked is scrolled to, and the table out of the window.
  await page.evaluate(() => scrollTo(0, 0));
  // Slowly at first: as fast as it can, its first moment may never be drawn.
  await page.selectOption('#pace', '2');
  await page.selectOption('#task', task);
  await page.locator('#restart').click();
  await page.waitForFunction(() => document.querySelector('#clock')!.textContent === 'step 0');
  // What was paused stays paused.
  await page.waitForFunction(() => /^(Pause|Play)$/.test(document.querySelector('#play')!.textContent!));
  if ((await page.locator('#play').textContent()) === 'Play') await page.locator('#play').click();
  await page.selectOption('#pace', pace);
  await waitForSteps(page, 2);
}

/** Stops what plays, and waits for the step of a thought that was under way. */
export async function pause(page: Page): Promise<void> {
  await page.locator('#play').click();
  await page.waitForFunction(() => document.querySelector('#play')!.textContent === 'Play');
  for (let before = -1; before !== (await stepsOf(page)); await page.waitForTimeout(200)) before = await stepsOf(page);
}

/** Steps played so far. */
export function stepsOf(page: Page): Promise<number> {
  return page.locator('#scrub').evaluate((scrub) => Number((scrub as HTMLInputElement).max));
}

export async function waitForSteps(page: Page, steps: number): Promise<void> {
  await page.waitForFunction(
    (count) => Number(document.querySelector<HTMLInputElement>('#scrub')!.max) >= count,
    steps,
  );
}

export async function waitUntilDone(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector('#chip')!.textContent!.startsWith('Done'));
}

/** Where a handle is on the table, in table widths. */
export async function placeOf(page: Page, kind: string): Promise<[x: number, y: number]> {
  return page
    .locator(`#handles button[data-kind="${kind}"]`)
    .first()
    .evaluate((button: HTMLElement) => [
      Number.parseFloat(button.style.left) / 100,
      Number.parseFloat(button.style.top) / 100,
    ]);
}

/** A point of the table in pixels of the window. */
export async function pixelAt(page: Page, [x, y]: readonly [number, number]): Promise<[number, number]> {
  const { x: left, y: top, width, height } = (await page.locator('#stage').boundingBox())!;
  return [left + x * width, top + y * height];
}

export async function drag(page: Page, from: readonly [number, number], to: readonly [number, number]): Promise<void> {
  await page.mouse.move(...(await pixelAt(page, from)));
  await page.mouse.down();
  await page.mouse.move(...(await pixelAt(page, [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2])));
  await page.mouse.move(...(await pixelAt(page, to)));
  await page.mouse.up();
}
