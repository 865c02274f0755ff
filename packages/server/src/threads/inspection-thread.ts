/* The program of a thread that inspects archives of every format. */
import { yieldToRequests } from './priority.ts';
import { serveEveryFormat } from '@tarwarden/guard/inspect-file';

yieldToRequests();
serveEveryFormat();
