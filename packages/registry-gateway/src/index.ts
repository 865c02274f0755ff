/** A reverse proxy in front of a registry: no archive passes that was not inspected. And its gate, for other faces. */
export { RegistryGateway, type GatewayOptions } from './server.ts';
export { servePackument } from './packument-thread.ts';
export { gatewayLog } from './log.ts';
export { isLoopback } from './public-url.ts';
export { openGate, type GateOptions, type OpenGate } from './open-gate.ts';
export { refusalOf, type Gate, type Landed } from './gate.ts';
export { GatewayAnswer, Refusal } from './answers.ts';
export type { Identity, Opened, Promised, Wanted } from './wanted.ts';
export type { Outcome } from './verdicts.ts';
