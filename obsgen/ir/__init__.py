"""The bundle: rules, scrape jobs, routes, views and tests, free of any output format."""
