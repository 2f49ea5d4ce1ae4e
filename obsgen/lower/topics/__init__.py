"""What the dashboards about the whole platform have to show, one module for each topic."""
