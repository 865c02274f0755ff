import { Client, type ClientConfig } from 'pg';

/** A connection that may break while somebody has it. The query that it breaks rejects; without a listener, the process would end as well. */
export class SteadyClient extends Client {
  constructor(config?: string | ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}
