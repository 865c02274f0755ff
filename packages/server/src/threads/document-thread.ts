/* The program of a thread in which the gateway reads a long document. */
import { servePackument } from '../gateway/packument-thread.ts';

servePackument();
