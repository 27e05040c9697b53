"""What has to be known of, and mended in, stock nbgrader: options, database, converters.  No class of a course's."""
