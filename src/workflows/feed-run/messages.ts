// What goes between the schedule of a feed, its workflow and the activity: names only. What was read lies in the database.

/** The name under which the workflow is registered. */
export const FEED_RUN = 'feedRun';

export interface FeedRunInput {
  readonly connectionId: string;
  readonly feed: string;
}

/** At how many places it was to be read, and at how many that did not go well. */
export interface FeedRunEnd {
  readonly places: number;
  readonly failed: number;
}

export interface FeedActivities {
  /** Asks for the feed and resolves once it was read up to now, or could not be; where the platform has to be waited for, so does this. */
  readFeed(input: FeedRunInput): Promise<FeedRunEnd>;
}
