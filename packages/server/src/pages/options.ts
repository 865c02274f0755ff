/* The options of the pages, and the facts about a request that all of them need. */
import type { IncomingMessage } from 'node:http';
import type { Logger } from 'pino';
import type { ApprovalsService } from '../approvals/service.ts';
import type { KnownPeople } from '../people/people.ts';
import type { FormCheck } from './forms.ts';
import type { PageView } from './layout.ts';

export interface PagesOptions {
  readonly service: ApprovalsService;
  readonly people: Pick<KnownPeople, 'identify' | 'isFromProxy' | 'personWith' | 'isSecure'>;
  /** The address that browsers use, without a slash at its end. */
  readonly publicUrlFor: (request: IncomingMessage) => string;
  /** Names the client, for the limit of attempts to sign in. Default: the address of the connection. */
  readonly clientOf?: (request: IncomingMessage) => string;
  /** The most days of an approval. */
  readonly longestDays: number;
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** The facts about a request that every page needs. */
export interface AskedPage {
  readonly request: IncomingMessage;
  readonly view: PageView;
  /** Cookies that the answer has to set. */
  readonly cookies: readonly string[];
  readonly check: FormCheck;
  /** The address that browsers use. */
  readonly site: URL;
}
