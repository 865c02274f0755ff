/** The user's verdaccio, with the gateway in front of all that it answers. */
export { startVerdaccio, type Started, type StartOptions } from './start.ts';
export { StartError } from './start-error.ts';
