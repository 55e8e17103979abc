"""What tests of many calls are made with.

* world.py: an AWS of our own on moto: table, queues, mail
* hooks.py: how the others hang on the SDK's session
* crash.py: break off before and after every call, then deliver again
* poller.py: from queue to handler and back, as Lambda does it, without waiting
* strict.py: refuse what AWS refuses and moto lets through
* faults.py: throttles, conflicts and half-done batches, which moto never makes
* meter.py: what a run costs
* transport.py: canned answers of AWS and of the internet, for measuring our own share
"""
