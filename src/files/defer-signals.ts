const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Does something that must not end half-way: signals that come meanwhile do not end the process. */
export function deferSignals(work: () => void): void {
  const wait = () => {};
  for (const signal of SIGNALS) process.on(signal, wait);
  try {
    work();
  } finally {
    for (const signal of SIGNALS) process.off(signal, wait);
  }
}
