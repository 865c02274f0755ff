/* The program of a thread of a scan. It is a file of its own, so that the command does not load code for threads. */
import { serve } from './worker.ts';

serve();
