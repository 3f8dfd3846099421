import { checkEnvironment, createEnvironment, taskById } from 'amitable';

const task = taskById('push-to-goal');
const environment = createEnvironment(task);
const { observation, instruction } = environment.reset({ seed: 7 });
console.log(observation.frame.shape, instruction.targets);

const { reward, terminated, truncated, info } = environment.step([0.5, -1]);
console.log(reward, terminated, truncated, info.truth.positions.pusher);

const state = environment.getState();
environment.step([1, 0]);
environment.setState(state); // as if the second step had never been

console.log(checkEnvironment(() => createEnvironment(task))); // [] where the contract is kept
