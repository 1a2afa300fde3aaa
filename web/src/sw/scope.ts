/** The worker itself, by its right type. */

export const scope = self as unknown as ServiceWorkerGlobalScope;
