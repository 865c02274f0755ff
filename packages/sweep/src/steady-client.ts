import { Client, type ClientConfig } from 'pg';

/**
 * A client whose connection may break while it is in use. The current query rejects then; without a listener, the error would also
 * end the process.
 */
export class SteadyClient extends Client {
  constructor(config?: string | ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}
