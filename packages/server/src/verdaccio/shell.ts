/* An outer application in front of verdaccio's: middlewares here run before all those of verdaccio and its plugins. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { App, Middleware } from './express.ts';

export function shellAround(inner: RequestListener): App {
  const middlewares: Middleware[] = [];
  const pass = (index: number, request: IncomingMessage, response: ServerResponse): void => {
    const middleware = middlewares[index];
    if (middleware === undefined) return inner(request, response);
    middleware(request, response, (error) => {
      if (error === undefined) return pass(index + 1, request, response);
      // On any error, the request must not go on to verdaccio.
      if (response.headersSent) response.destroy();
      else response.writeHead(500, { 'content-length': 0 }).end();
    });
  };
  const shell = (request: IncomingMessage, response: ServerResponse): void => {
    // verdaccio sets this on every answer.
    response.setHeader('access-control-allow-origin', '*');
    pass(0, request, response);
  };
  return Object.assign(shell, {
    use: (middleware: Middleware): void => void middlewares.push(middleware),
  });
}
