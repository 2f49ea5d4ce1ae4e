"""Series of a platform that does not exist: what packs say that their signals read, well or not."""
