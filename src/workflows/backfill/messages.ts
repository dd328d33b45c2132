// What goes between the workflow of a back-fill and its activities: its id. Where it stands lies in the database.

/** The name under which the workflow is registered. */
export const BACKFILL = 'backfill';

export interface BackfillInput {
  readonly id: string;
}

export interface BackfillActivities {
  /** Asks for the next window and resolves once it was read. False where the back-fill is over, or not there. */
  readWindow(input: BackfillInput): Promise<boolean>;
  /** Somebody cancelled it in Temporal: the row has to say so. */
  cancelBackfill(input: BackfillInput): Promise<void>;
}
