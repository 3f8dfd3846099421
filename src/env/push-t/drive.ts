import { actionScale, controlRate } from './field.ts';

/** The drive's gains, and how often a second it acts. */
export const positionGain = 100;
export const velocityGain = 20;
export const driveRate = 100;
export const driveSteps = driveRate / controlRate;

/** Of a free pusher: how far it goes in a control step for each unit of way asked for, and of speed that it has. */
const reply = ((): { readonly asked: number; readonly speed: number } => {
  const go = (goal: number, start: number): number => {
    let [way, speed] = [0, start];
    for (let step = 0; step < driveSteps; step++) {
      speed += (positionGain * (goal - way) - velocityGain * speed) / driveRate;
      way += speed / driveRate;
    }
    return way;
  };
  return { asked: go(1, 0), speed: go(0, 1) };
})();

/**
 * The action that moves a free pusher by so much in one control step, not cut to what actions can be.
 * @param way Units, along one axis.
 * @param speed Units a control step.
 */
export function actionFor(way: number, speed: number): number {
  return (way - reply.speed * speed * controlRate) / (reply.asked * actionScale);
}
