/** A reverse proxy in front of a registry that lets no uninspected archive pass. The gate is exported for other servers. */
export { RegistryGateway, type GatewayOptions } from './server.ts';
export { servePackument } from './packument-thread.ts';
export { gatewayLog } from './log.ts';
export { isLoopback } from './public-url.ts';
export { openGate, type ArchiveGateOptions, type OpenGate } from './open-gate.ts';
export { refusalOf, type Gate, type Landed } from './gate.ts';
export { GatewayAnswer, RefusalAnswer } from './answers.ts';
export type { ArchiveIdentity, Opened, Promised, WantedArchive } from './wanted.ts';
export type { ArchiveOutcome } from './verdicts.ts';
