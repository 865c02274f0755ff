import { serveJudge } from '@tarwarden/core/host';

// A program of its own, run in a thread: see `startJudge`.
serveJudge();
