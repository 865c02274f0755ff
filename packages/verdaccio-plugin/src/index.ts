/** Runs the user's verdaccio with the gateway in front of all its answers. */
export { startVerdaccio, type StartedVerdaccio, type StartOptions } from './start.ts';
export { StartError } from './start-error.ts';
