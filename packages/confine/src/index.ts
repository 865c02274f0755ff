/** Runs of a client that the kernel confines. */
export { type ClientName } from './clients/index.ts';
export {
  confinement,
  type ConfinedStep,
  type Confinement,
  type ConfineOptions,
  type ConfineRequest,
} from './confinement.ts';
export { ConfineError } from './paths.ts';
