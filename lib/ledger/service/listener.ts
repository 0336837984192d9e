import type pg from 'pg';

export type EventListener = {
  /** tick listens, again after a loss; to be called every few seconds. */
  tick: () => Promise<void>;
  close: () => void;
};

/** newEventListener calls `onEvent` soon after an event of people or jobs was chained. A hint only: events can be missed, and those of gateways send none. */
export function newEventListener(pool: pg.Pool, onEvent: () => void): EventListener {
  let listening: pg.PoolClient | undefined;
  const drop = (client: pg.PoolClient) => {
    if (listening === client) listening = undefined;
    client.release(true);
  };
  return {
    tick: async () => {
      if (listening) return;
      const client = await pool.connect();
      listening = client;
      client.on('error', () => {
        if (listening === client) drop(client);
      });
      client.on('notification', onEvent);
      try {
        await client.query('LISTEN ledger_event');
      } catch (error) {
        if (listening === client) drop(client);
        throw error;
      }
    },
    close: () => {
      if (listening) drop(listening);
    },
  };
}
