/* The program of a thread that inspects archives of every format. */
import { yieldToRequests } from './priority.ts';
import { serveEveryFormat } from '@tarwarden/host/inspect-file';

yieldToRequests();
serveEveryFormat();
