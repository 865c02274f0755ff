/* What a thread of a scan is started with: a program of its own, so that the command loads nothing about threads. */
import { serve } from './worker.ts';

serve();
