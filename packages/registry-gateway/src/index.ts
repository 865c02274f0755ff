/** A reverse proxy in front of an npm registry: no tarball passes that was not inspected. */
export { RegistryGateway, type GatewayOptions } from './server.ts';
export { gatewayLog } from './log.ts';
export { isLoopback } from './public-url.ts';
