"""What is measured of ourselves: validity, calibration, costs, sameness, and the benchmark against stock nbgrader."""
