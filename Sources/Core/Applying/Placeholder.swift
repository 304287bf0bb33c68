// Steps of a plan, carried out.
