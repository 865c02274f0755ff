/* The program of a thread that reads files for a seal. */
import { parentPort } from 'node:worker_threads';
import { serveContents } from '@tarwarden/guard/seal-thread';

serveContents(parentPort!);
