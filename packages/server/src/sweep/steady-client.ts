import { Client, type ClientConfig } from 'pg';

/** A client whose connection may break while in use. Without a listener, the error would end the process; now only the query rejects. */
export class SteadyClient extends Client {
  constructor(config?: string | ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}
