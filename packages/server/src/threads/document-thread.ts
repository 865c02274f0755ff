/* The program of a thread in which the gateway reads long documents. */
import { yieldToRequests } from './priority.ts';
import { servePackument } from '../gateway/packument-thread.ts';

yieldToRequests();
servePackument();
