/** Runs the real go behind a gateway on the loopback address, which inspects each module zip. */
export { runGo, type GoOptions } from './wrapper.ts';
